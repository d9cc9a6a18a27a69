using System.Diagnostics.CodeAnalysis;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Policy;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// What we change in the kernel: its sync daemons on the loopback and its sysctls, changed at start and restored at stop.
/// Every change is written to the journal before it is made, so that the start after a kill can undo it. One thread at a time.
/// </summary>
internal sealed class KernelSession : IDisposable
{
    private readonly SyncOptions _options;
    private readonly ILogger _log;
    private readonly KernelAccess _kernel;
    private readonly KernelJournal _journal;
    private readonly KernelUndo _undo;
    private readonly KernelOccupants _occupants;
    private readonly List<JournaledDaemon> _unstopped = [];
    private readonly List<JournaledDaemon> _inherited = [];
    private volatile KernelChanges? _changes;

    private KernelSession(SyncOptions options, KernelAccess kernel, ILogger log)
    {
        _options = options;
        _log = log;
        _kernel = kernel;
        _journal = new KernelJournal(Path.GetDirectoryName(Path.GetFullPath(options.ControlSocket))!, kernel.Place);
        _undo = new KernelUndo(kernel.Client, kernel.Sysctls, log);
        _occupants = new KernelOccupants(kernel.Client, options, log);
    }

    /// <summary>Undoes what a killed daemon left behind, and makes sure that nobody else runs a daemon in the roles we take.</summary>
    /// <param name="options">What the operator asked for.</param>
    /// <param name="kernel">The kernel; the session closes it, also when this fails.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="KernelSessionException">Another daemon runs in such a role, and <c>Kernel:TakeOver</c> is not set.</exception>
    /// <exception cref="KernelException">The kernel refused.</exception>
    public static KernelSession Open(SyncOptions options, KernelAccess kernel, ILogger log)
    {
        try
        {
            var session = new KernelSession(options, kernel, log);
            session.UndoJournal();
            session._occupants.StopLeftovers();
            session._occupants.Check();
            return session;
        }
        catch
        {
            kernel.Dispose();
            throw;
        }
    }

    /// <summary>Sets the sysctls and starts the kernel's daemons. Our sockets must be open already, or the feed's first records are lost.</summary>
    /// <param name="options">What holds in the kernel (<see cref="BackupOnly.InKernel"/>).</param>
    /// <exception cref="KernelSessionException">
    /// Another daemon runs in a role we take, the sysctls of others do not suffice, or the journal cannot be written.
    /// </exception>
    /// <exception cref="KernelException">The kernel refused. <see cref="Restore"/> undoes what was done.</exception>
    public void Start(SyncOptions options)
    {
        _changes = new KernelChanges { Replaced = [.. _inherited] };
        Widen(options);
    }

    /// <summary>
    /// Makes the changes that a role needs beyond those already made, which stay. As for <see cref="Start"/>, our sockets must be open.
    /// </summary>
    /// <exception cref="KernelSessionException">
    /// Another daemon runs in a role we take, and <c>Kernel:TakeOver</c> is not set; or the sysctls of others do not suffice for the role.
    /// </exception>
    /// <exception cref="KernelException">The kernel refused. <see cref="Narrow"/> undoes what was done.</exception>
    public void Widen(SyncOptions options)
    {
        if (_changes is not { } changes)
            return;
        if (!MaySetSysctls(options))
            RequireSysctls(options);
        StopUnstopped();
        KernelChanges more = KernelDiff.More(changes, options, _kernel.Client.GetDaemons(), _kernel.Sysctls.Read);
        _occupants.Check(more.Replaced);
        _changes = KernelDiff.Join(changes, more);
        _journal.Write(_changes);
        Make(more);
    }

    /// <summary>Undoes the changes that a role does not need. Failures are logged, and the other changes are still undone.</summary>
    /// <returns>False when something could not be restored; the stop tries again.</returns>
    public bool Narrow(SyncOptions options)
    {
        if (_changes is not { } changes)
            return true;
        KernelChanges surplus = KernelDiff.Surplus(changes, options);
        bool done = _undo.Undo(surplus);
        // A daemon that may still run is stopped with the rest, and not missed if it ends before.
        if (!done)
            _unstopped.AddRange(surplus.Started);
        KernelChanges rest = KernelDiff.Without(changes, surplus);
        KernelChanges left = done ? rest : changes with { Started = rest.Started, Sysctls = [.. rest.Sysctls, .. surplus.Sysctls.Where(change => !IsBack(change))] };
        _changes = left;
        return _undo.Try(() => _journal.Write(left)) && done;
    }

    /// <summary>Sets the sysctls of another policy. The journal keeps the values that were found first.</summary>
    /// <exception cref="KernelSessionException">The journal cannot be written, or the sysctls of others do not suffice: all is as before.</exception>
    /// <exception cref="KernelException">The kernel refused one.</exception>
    public void ChangePolicy(SyncOptions options)
    {
        if (_changes is not { } changes)
            return;
        if (!MaySetSysctls(options))
        {
            RequireSysctls(options);
            return;
        }

        IReadOnlyList<(string Name, string Value)> wanted = KernelSettings.Sysctls(options);
        KernelChanges after = changes with
        {
            Sysctls = [.. changes.Sysctls.Where(change => wanted.All(pair => pair.Name != change.Name)), .. wanted.Select(Changed)],
        };
        _journal.Write(after);
        int written = 0;
        try
        {
            for (; written < wanted.Count; written++)
                _kernel.Sysctls.Write(wanted[written].Name, wanted[written].Value);
        }
        finally
        {
            // What was not written is as before.
            HashSet<string> old = [.. wanted.Skip(written).Select(pair => pair.Name)];
            _changes = after with
            {
                Sysctls = [.. after.Sysctls.Where(change => !old.Contains(change.Name)), .. changes.Sysctls.Where(change => old.Contains(change.Name))],
            };
            if (old.Count > 0)
                _undo.Try(() => _journal.Write(_changes));
        }

        SysctlChange Changed((string Name, string Value) pair)
            => new(pair.Name, changes.Sysctls.Find(change => change.Name == pair.Name)?.Found ?? _kernel.Sysctls.Read(pair.Name), pair.Value);
    }

    /// <summary>Stops the kernel's master, so that the feed ends. A failure is logged; <see cref="Restore"/> tries again.</summary>
    public void StopFeed() => _undo.StopDaemons(daemon => daemon.Role == SyncDaemonRole.Master && KernelSettings.IsOurs(daemon, _options));

    /// <summary>Restores the kernel as it was found. Failures are logged, and the other changes are still undone.</summary>
    /// <returns>False when something could not be restored; the next start tries again.</returns>
    public bool Restore()
    {
        KernelChanges? changes = _changes;
        _changes = null;
        if (changes is null)
            return true;
        return Undo(changes, _undo);
    }

    /// <summary>
    /// As <see cref="Restore"/>, with a netlink client of its own: for any thread, while another one hangs in a call of this session. What
    /// that one does later must not matter: the process ends.
    /// </summary>
    public bool RestoreApart()
    {
        KernelChanges? changes = _changes;
        _changes = null;
        if (changes is null)
            return true;
        try
        {
            using IpvsClient client = _kernel.Reopen();
            return Undo(changes, new KernelUndo(client, _kernel.Sysctls, _log));
        }
        catch (KernelException exception)
        {
            _log.RestoreFailed(exception.Message);
            return false;
        }
    }

    /// <summary>Makes sure that the daemons we started still run. When the kernel does not answer, nothing is concluded: the next call asks again.</summary>
    /// <exception cref="KernelSessionException">Somebody has stopped or replaced one: connections are no longer synchronised.</exception>
    public void CheckDaemons()
    {
        StopUnstopped();
        IReadOnlyList<SyncDaemon>? running = TryGetDaemons();
        SyncDaemon? gone = _changes?.Started.Select(daemon => daemon.ToDaemon())
            .FirstOrDefault(ours => running?.Any(daemon => KernelUndo.IsSame(daemon, ours)) == false);
        if (gone is not null)
            throw new KernelSessionException($"Somebody has stopped the {gone}, through which connections enter and leave the kernel.");
    }

    /// <summary>Reads the services, their real servers, the timeouts, and what happens to the connections of servers that go.</summary>
    /// <returns>False when the kernel did not answer, or the list changed during every attempt; the caller tries again later.</returns>
    public bool TryReadDestinations(
        [NotNullWhen(true)] out DestinationSnapshot? snapshot, [NotNullWhen(true)] out KernelTimeouts? timeouts, out ExpiryRules rules)
    {
        snapshot = null;
        timeouts = null;
        rules = ExpiryRules.Default;
        try
        {
            rules = new ExpiryRules(IsOn(IpvsSysctls.ExpireNodestConn), IsOn(IpvsSysctls.ExpireQuiescentTemplate));
            IpvsTimeouts kernel = _kernel.Client.GetTimeouts();
            timeouts = new KernelTimeouts { Tcp = kernel.Tcp, TcpFin = kernel.TcpFin, Udp = kernel.Udp };
            snapshot = DestinationSnapshot.Read(_kernel.Client);
            return true;
        }
        catch (KernelException)
        {
            return false;
        }
    }

    /// <summary>Whether a setting is on; off where the kernel does not have it or does not say.</summary>
    private bool IsOn(string setting)
    {
        try
        {
            return _kernel.Sysctls.Exists(setting) && _kernel.Sysctls.Read(setting) != "0";
        }
        catch (KernelException)
        {
            return false;
        }
    }

    /// <summary>
    /// The size of the kernel's connection table (its parameter <c>conn_tab_bits</c>), which hints at the number of connections that are
    /// expected here. 0 when the kernel does not answer.
    /// </summary>
    public int ReadTableSize()
    {
        try
        {
            return (int)Math.Min(int.MaxValue, _kernel.Client.GetInfo().ConnectionTableSize);
        }
        catch (KernelException)
        {
            return 0;
        }
    }

    /// <summary>Closes the kernel and leaves it as it is: <see cref="Restore"/> is called before.</summary>
    public void Dispose() => _kernel.Dispose();

    private bool Undo(KernelChanges changes, KernelUndo undo)
    {
        bool done = undo.Undo(changes with { Started = [.. changes.Started, .. _unstopped] });
        return done && undo.Try(_journal.Remove);
    }

    /// <summary>Tries again to stop what could not be stopped when the role was left.</summary>
    private void StopUnstopped()
    {
        if (_unstopped.Count > 0 && _undo.StopDaemons(daemon => _unstopped.Exists(ours => KernelUndo.IsSame(ours.ToDaemon(), daemon))))
            _unstopped.Clear();
    }

    private IReadOnlyList<SyncDaemon>? TryGetDaemons()
    {
        try
        {
            return _kernel.Client.GetDaemons();
        }
        catch (KernelException)
        {
            return null;
        }
    }

    private void UndoJournal()
    {
        if (_journal.Read() is not { } changes)
        {
            if (File.Exists(_journal.Path))
                _log.JournalIgnored(_journal.Path);
            return;
        }

        _log.LeftoversUndone();
        if (_undo.Undo(changes))
        {
            _journal.Remove();
            return;
        }

        // Whom we would replace again need not be put back now, but when we stop.
        if (_options.Kernel.TakeOver)
            _inherited.AddRange(changes.Replaced.Where(daemon => KernelDiff.IsNeeded(daemon.Role, _options)));
        if (_inherited.Count == 0 || !_undo.Undo(changes with { Replaced = [.. changes.Replaced.Except(_inherited)] }))
            throw new KernelSessionException("What a killed daemon left in the kernel cannot be undone (see the log); the journal of it is kept.");
        _journal.Write(new KernelChanges { Replaced = [.. _inherited] });
    }

    /// <summary>Whether a sysctl has the value again that was found.</summary>
    private bool IsBack(SysctlChange change)
    {
        try
        {
            return _kernel.Sysctls.Read(change.Name) == change.Found;
        }
        catch (KernelException)
        {
            return false;
        }
    }

    private static bool MaySetSysctls(SyncOptions options) => options.Kernel.Sysctls == SysctlMode.Set;

    private void RequireSysctls(SyncOptions options) => _log.SysctlsSuffice(SysctlCheck.Require(options, _kernel.Sysctls));

    private void Make(KernelChanges changes)
    {
        foreach (JournaledDaemon replaced in changes.Replaced)
            _kernel.Client.StopDaemon(replaced.Role);
        foreach (SysctlChange change in changes.Sysctls)
            _kernel.Sysctls.Write(change.Name, change.Written);
        foreach (JournaledDaemon daemon in changes.Started)
        {
            _kernel.Client.StartDaemon(daemon.ToDaemon());
            _log.DaemonStarted(daemon.ToDaemon());
        }
    }
}
