using System.Diagnostics;
using System.Globalization;
using IpvsSync.Fuzz;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

FuzzOptions options;
try
{
    options = FuzzOptions.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

if (Corpus.LoadOfKernels().FirstOrDefault(message => Trailer.TryFind(message, out _, out _)) is { } taken)
{
    Console.Error.WriteLine($"FAIL a trailer in a kernel's message\n  datagram {Convert.ToHexStringLower(taken)}");
    return 1;
}

byte[][] corpus = Corpus.Load();
Console.WriteLine($"seed {options.Seed}, {options.Threads} threads, {corpus.Length} messages to start from");
Worker[] workers = [.. Enumerable.Range(0, options.Threads).Select(Start)];
var clock = Stopwatch.StartNew();
Thread[] threads = [.. workers.Select((worker, i) => new Thread(() => worker.Run(AnyFault)) { Name = $"fuzz-{i}" })];
foreach (Thread thread in threads) thread.Start();
while (threads.Any(thread => thread.IsAlive))
{
    threads[0].Join(TimeSpan.FromSeconds(10));
    foreach (Thread thread in threads.Skip(1)) thread.Join(threads[0].IsAlive ? TimeSpan.Zero : Timeout.InfiniteTimeSpan);
    Progress();
}

long accepted = workers.Sum(worker => worker.Checker.Accepted);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"entries read {accepted:N0}; refused:"));
foreach (Refusal refusal in Enum.GetValues<Refusal>())
{
    long count = workers.Sum(worker => worker.Checker.Refused[(int)refusal]);
    if (count > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count,15:N0} {refusal}"));
}

PeeringChecker[] peering = [.. workers.Select(worker => worker.Checker.Peering)];
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"trailers found {peering.Sum(one => one.Trailers):N0}; control messages read {peering.Sum(one => one.ControlMessages):N0}, " +
    $"malformed {peering.Sum(one => one.Malformed):N0}"));
SealChecker[] seals = [.. workers.Select(worker => worker.Checker.Seals)];
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"signed {seals.Sum(one => one.Sealed):N0}, all good; damaged and refused {seals.Sum(one => one.Refused):N0}"));
string[] faults = [.. workers.Select(worker => worker.Fault).OfType<string>()];
foreach (string fault in faults) Console.Error.WriteLine($"FAIL {fault}");
if (faults.Length == 0) Console.WriteLine("PASS no exception, no allocation, no byte read outside a datagram");
return faults.Length == 0 ? 0 : 1;

Worker Start(int number) => new(
    corpus,
    unchecked((options.Seed * 31) + number + 1),
    options.Count is { } count ? (count / options.Threads) + (number < count % options.Threads ? 1 : 0) : null,
    options.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);

bool AnyFault() => workers.Any(worker => worker.Fault != null);

void Progress()
{
    long done = workers.Sum(worker => worker.Done);
    double seconds = clock.Elapsed.TotalSeconds;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds,6:0} s  {done:N0} datagrams, {done / seconds:N0}/s"));
}
