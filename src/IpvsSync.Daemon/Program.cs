using IpvsSync.Daemon.Commands;

return CommandTree.Invoke(args);
