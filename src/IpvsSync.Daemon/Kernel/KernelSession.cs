using System.Diagnostics.CodeAnalysis;
using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Our hold on the kernel: its sync daemons on the loopback and its sysctls, taken at start and given back at stop.
/// Every change is written to the journal before it is made, so the start after a kill can undo it. One thread at a time.
/// </summary>
internal sealed class KernelSession : IDisposable
{
    private readonly SyncOptions _options;
    private readonly ILogger _log;
    private readonly NamespaceClaim _claim;
    private readonly IpvsClient _client;
    private readonly IpvsSysctls _sysctls = new();
    private readonly KernelJournal _journal;
    private KernelChanges? _changes;

    private KernelSession(SyncOptions options, ILogger log, NamespaceClaim claim, IpvsClient client)
    {
        _options = options;
        _log = log;
        _claim = claim;
        _client = client;
        _journal = new KernelJournal(Path.GetDirectoryName(Path.GetFullPath(options.ControlSocket))!, KernelPlace.Current());
    }

    /// <summary>Claims the kernel, undoes what a killed daemon left, and makes sure that nobody else holds the places we need.</summary>
    /// <exception cref="KernelSessionException">Another daemon holds a place, and we were not told to take it over.</exception>
    /// <exception cref="IpvsUnavailableException">The kernel has no IPVS.</exception>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static KernelSession Open(SyncOptions options, ILogger log)
    {
        var claim = NamespaceClaim.Acquire();
        IpvsClient? client = null;
        try
        {
            client = IpvsClient.Open();
            var session = new KernelSession(options, log, claim, client);
            session.UndoLeftovers();
            session.CheckOccupants();
            return session;
        }
        catch
        {
            client?.Dispose();
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Sets the sysctls and starts the kernel's daemons. Our sockets must be open already, or the feed's first records are lost.</summary>
    public void Start()
    {
        _changes = new KernelChanges();
        Widen(_options);
    }

    /// <summary>
    /// Makes the changes of a role that has more than that before; those made already stay. As with <see cref="Start"/>, our sockets must be open.
    /// </summary>
    /// <exception cref="KernelSessionException">Another daemon holds a place, and we were not told to take it over.</exception>
    /// <exception cref="KernelException">The kernel refused. <see cref="Narrow"/> undoes what was done.</exception>
    public void Widen(SyncOptions options)
    {
        if (_changes is not { } changes)
            return;
        KernelChanges more = KernelDiff.More(changes, options, _client.GetDaemons(), _sysctls.Read);
        CheckOccupants(more.Replaced);
        _changes = KernelDiff.Join(changes, more);
        _journal.Write(_changes);
        Make(more);
    }

    /// <summary>Undoes what a role does not need that has less than that before. Failures are logged and do not stop the rest.</summary>
    /// <returns>False when something could not be put back; the stop tries again.</returns>
    public bool Narrow(SyncOptions options)
    {
        if (_changes is not { } changes)
            return true;
        KernelChanges surplus = KernelDiff.Surplus(changes, options);
        bool done = Undo(surplus);
        KernelChanges rest = KernelDiff.Without(changes, surplus);
        KernelChanges left = done ? rest : changes with { Started = rest.Started };
        _changes = left;
        return Try(() => _journal.Write(left)) && done;
    }

    /// <summary>Sets the sysctls of another policy, and notes in the journal what a stop has to set back.</summary>
    /// <exception cref="KernelException">The kernel refused one.</exception>
    public void ChangePolicy(SyncOptions options)
    {
        if (_changes is not { } changes)
            return;
        IReadOnlyList<(string Name, string Value)> wanted = KernelSettings.Sysctls(options);
        _changes = changes with
        {
            Sysctls = [.. changes.Sysctls.Where(change => wanted.All(pair => pair.Name != change.Name)), .. wanted.Select(Changed)],
        };
        _journal.Write(_changes);
        foreach ((string name, string value) in wanted)
            _sysctls.Write(name, value);

        SysctlChange Changed((string Name, string Value) pair)
            => new(pair.Name, changes.Sysctls.Find(change => change.Name == pair.Name)?.Found ?? _sysctls.Read(pair.Name), pair.Value);
    }

    /// <summary>Stops the kernel's master: no more records come.</summary>
    public void StopFeed() => StopOurs(daemon => daemon.Role == SyncDaemonRole.Master && KernelSettings.IsOurs(daemon, _options));

    /// <summary>Leaves the kernel as it was found. Failures are logged and do not stop the rest.</summary>
    /// <returns>False when something could not be put back; the next start tries again.</returns>
    public bool Restore()
    {
        KernelChanges? changes = _changes;
        _changes = null;
        if (changes is null)
            return true;
        bool done = Undo(changes);
        if (done)
            _journal.Remove();
        return done;
    }

    /// <summary>Makes sure that the daemons we started still run. A kernel that does not answer this time is asked again the next.</summary>
    /// <exception cref="KernelSessionException">Somebody has stopped or replaced one: nothing is kept in step any more.</exception>
    public void CheckDaemons()
    {
        IReadOnlyList<SyncDaemon>? running = TryGetDaemons();
        SyncDaemon? gone = _changes?.Started.Select(daemon => daemon.ToDaemon()).FirstOrDefault(ours => running?.Any(daemon => IsSame(daemon, ours)) == false);
        if (gone is not null)
            throw new KernelSessionException($"Somebody has stopped the {gone}, through which connections enter and leave the kernel.");
    }

    /// <summary>What services and real servers there are, and the timeouts.</summary>
    /// <returns>False when the kernel did not answer, or everything was changing under our eyes: to be asked again.</returns>
    public bool TryReadDestinations([NotNullWhen(true)] out DestinationSnapshot? snapshot, [NotNullWhen(true)] out KernelTimeouts? timeouts)
    {
        snapshot = null;
        timeouts = null;
        try
        {
            IpvsTimeouts kernel = _client.GetTimeouts();
            timeouts = new KernelTimeouts { Tcp = kernel.Tcp, TcpFin = kernel.TcpFin, Udp = kernel.Udp };
            snapshot = DestinationSnapshot.Read(_client);
            return true;
        }
        catch (KernelException)
        {
            return false;
        }
    }

    /// <summary>
    /// Places of the kernel's connection table (its parameter <c>conn_tab_bits</c>): so many connections somebody expects here. 0 if the
    /// kernel does not tell.
    /// </summary>
    public int ReadTableSize()
    {
        try
        {
            return (int)Math.Min(int.MaxValue, _client.GetInfo().ConnectionTableSize);
        }
        catch (KernelException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _claim.Dispose();
    }

    private static bool IsSame(SyncDaemon left, SyncDaemon right)
        => left.Role == right.Role && left.Interface == right.Interface && left.Group.Equals(right.Group) && left.Port == right.Port;

    private IReadOnlyList<SyncDaemon>? TryGetDaemons()
    {
        try
        {
            return _client.GetDaemons();
        }
        catch (KernelException)
        {
            return null;
        }
    }

    private void UndoLeftovers()
    {
        if (_journal.Read() is { } changes)
        {
            _log.LeftoversUndone();
            if (!Undo(changes))
                throw new KernelSessionException("What a killed daemon left in the kernel cannot be undone (see the log); the journal of it is kept.");
            _journal.Remove();
        }

        foreach (SyncDaemon daemon in _client.GetDaemons().Where(daemon => KernelSettings.IsOurs(daemon, _options)))
        {
            _log.LeftoverStopped(daemon);
            _client.StopDaemon(daemon.Role);
        }
    }

    private void CheckOccupants()
    {
        foreach (SyncDaemon occupant in _client.GetDaemons())
        {
            if (!KernelDiff.IsNeeded(occupant.Role, _options))
                _log.OtherRoleRuns(occupant);
            else if (!_options.Kernel.TakeOver)
                throw Occupied(occupant);
        }
    }

    /// <summary>Those who hold the places that we are about to take.</summary>
    private void CheckOccupants(IEnumerable<JournaledDaemon> occupants)
    {
        foreach (JournaledDaemon occupant in occupants)
        {
            if (!_options.Kernel.TakeOver)
                throw Occupied(occupant.ToDaemon());
            _log.TakingOver(occupant.ToDaemon());
        }
    }

    private void Make(KernelChanges changes)
    {
        foreach (JournaledDaemon replaced in changes.Replaced)
            _client.StopDaemon(replaced.Role);
        foreach (SysctlChange change in changes.Sysctls)
            _sysctls.Write(change.Name, change.Written);
        foreach (JournaledDaemon daemon in changes.Started)
        {
            _client.StartDaemon(daemon.ToDaemon());
            _log.DaemonStarted(daemon.ToDaemon());
        }
    }

    private static KernelSessionException Occupied(SyncDaemon occupant) => new(
        $"A sync daemon of somebody else already runs in this kernel: {occupant}. "
        + "Stop it where it was started (keepalived's lvs_sync_daemon, ipvsadm --start-daemon), or set Kernel:TakeOver to replace it.");

    private bool Undo(KernelChanges changes)
    {
        bool done = StopOurs(daemon => changes.Started.Exists(started => IsSame(started.ToDaemon(), daemon)));
        if (changes.PushAddress is not null)
            done &= Try(() => DeletePushService(IPAddress.Parse(changes.PushAddress)));
        foreach (SysctlChange change in changes.Sysctls)
            done &= Try(() => Restore(change));
        foreach (JournaledDaemon replaced in changes.Replaced)
            done &= Try(() => PutBack(replaced.ToDaemon()));
        return done;
    }

    private bool StopOurs(Func<SyncDaemon, bool> isOurs)
    {
        IReadOnlyList<SyncDaemon> running = [];
        bool done = Try(() => running = _client.GetDaemons());
        foreach (SyncDaemon daemon in running.Where(isOurs))
        {
            done &= Try(() =>
            {
                _client.StopDaemon(daemon.Role);
                _log.DaemonStopped(daemon);
            });
        }

        return done;
    }

    /// <summary>A value that somebody has changed since is theirs, and stays.</summary>
    private void Restore(SysctlChange change)
    {
        string current = _sysctls.Read(change.Name);
        if (current == change.Written)
            _sysctls.Write(change.Name, change.Found);
        else if (current != change.Found)
            _log.SysctlChangedByOthers(change.Name, current, change.Found);
    }

    private void DeletePushService(IPAddress address)
    {
        try
        {
            _client.DeleteService(PushInterface.Service(new PushAddresses(address)));
        }
        catch (KernelException exception) when (exception.Errno == Errno.ESRCH)
        {
            // Somebody flushed all services, or it was never made.
        }
    }

    private void PutBack(SyncDaemon daemon)
    {
        if (_client.GetDaemons().Any(running => running.Role == daemon.Role))
            return;
        _client.StartDaemon(daemon);
        _log.DaemonPutBack(daemon);
    }

    private bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is KernelException or KernelSessionException)
        {
            _log.RestoreFailed(exception.Message);
            return false;
        }
    }
}
