using IpvsSync.Daemon.Commands;

StandardOutput.Prepare();
return CommandTree.Invoke(args);
