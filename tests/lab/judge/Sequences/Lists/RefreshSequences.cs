using System.Globalization;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using static IpvsSync.Lab.Judge.Sequences.Lists.Make;

namespace IpvsSync.Lab.Judge.Sequences.Lists;

/// <summary>
/// Refreshes by time. No decision here is within 200 ms of its turning point, and the embedded director gets the actual time of each
/// packet. The kernel's timers fire up to an eighth late, never early.
/// </summary>
internal static class RefreshSequences
{
    private static readonly Service _tcp = Nat(IpProtocol.Tcp);
    private static readonly Service _udp = Nat(IpProtocol.Udp);

    public static Sequence[] List { get; } =
    [
        new("refresh", Settings(0, 0, refresh: 4), _tcp, "syn <syn ack" + Every(700, "ack", 14)),
        new("refresh", Settings(0, 0, refresh: 4).V0(), _udp, "udp" + Every(700, "udp", 14)),
        new("refresh, one retry", Settings(0, 0, refresh: 8, retries: 1), _tcp, "syn <syn ack" + Every(700, "ack", 16)),
        new("refresh, two retries", Settings(0, 0, refresh: 8, retries: 2), _tcp, "syn <syn ack" + Every(700, "ack", 18)),
        new("refresh, three retries", Settings(0, 0, refresh: 8, retries: 3), _udp, "udp" + Every(700, "udp", 19)),
        new("refresh and period: a retry has to hit both", Settings(3, 10, refresh: 8, retries: 2), _udp, "udp*3" + Every(650, "udp", 20)),
        new("refresh and period 1", Settings(0, 1, refresh: 8, retries: 1), _udp, "udp" + Every(700, "udp", 16)),
        new("state changes know no window", Settings(0, 0, refresh: 60), _tcp, "syn <syn ack 300ms ack 300ms fin ack 300ms <fin ack 300ms rst"),
        new("refresh of a template", Settings(0, 0, refresh: 4), _udp.Persistent(300), "udp" + Every(700, "udp", 9)),
        new("refresh of a template, retries", Settings(0, 0, refresh: 8, retries: 1), _udp.Persistent(300), "udp" + Every(700, "udp", 9)),
        new("refresh of a template, persist mode", Settings(0, 0, refresh: 4).PersistMode(), _udp.Persistent(300), "udp" + Every(700, "udp", 9)),
        new("half of the timeout is the limit", Settings(0, 0, refresh: 30), _udp, "udp 9500ms udp 1000ms udp") { Timeouts = UdpTimeout(20) },
        new("half of the timeout, but not below 10 s", Settings(0, 0, refresh: 30), _udp, "udp 8500ms udp 1000ms udp 1000ms udp") { Timeouts = UdpTimeout(14) },
        new("a fresh connection inside its window", Settings(0, 0, refresh: 30), _udp, "udp*3") { Timeouts = UdpTimeout(5) },
        new("a fresh connection inside its window, retries", Settings(0, 0, refresh: 30, retries: 2), _udp, "udp*3") { Timeouts = UdpTimeout(5) },
        new("closed, spoken to again", Settings(0, 0, refresh: 4), _tcp, "syn <syn ack rst" + Every(700, "ack", 9)),
        new("timed out, and made again", Settings(0, 1), _udp, "udp 2600ms udp 1200ms udp 2600ms udp") { Timeouts = UdpTimeout(2) },
        new("timed out, and nothing there", Settings(0, 1), _tcp, "syn <syn ack rst 11500ms ack <ack 100ms syn <syn ack"),
        new("timed out, and made again", Settings(0, 1), Nat(IpProtocol.Sctp),
            "init <abort 3000ms init 4800ms data init <init-ack cookie-echo <cookie-ack data"),
        new("timed out under a template", Settings(0, 1), _udp.Persistent(300), "udp 2600ms udp :1 udp") { Timeouts = UdpTimeout(2) },
        new("timed out with its template", Settings(0, 1), Direct(IpProtocol.Udp, 1, 1).Persistent(4), "udp 6600ms udp") { Timeouts = UdpTimeout(2) },
    ];

    private static KernelTimeouts UdpTimeout(uint seconds) => new() { Udp = seconds };

    private static string Every(int milliseconds, string packet, int times) =>
        string.Concat(Enumerable.Repeat(string.Create(CultureInfo.InvariantCulture, $" {milliseconds}ms {packet}"), times));
}
