using System.Globalization;
using BenchmarkDotNet.Running;
using IpvsSync.Benchmarks;

if (args is ["table"])
{
    TableMeasurement.Run(10_000_000);
    TableSpeed.Run(1_000_000);
    TableSpeed.Run(10_000_000);
}
else if (args is ["life", .. var rest])
{
    // life [HOURS]
    return Life.Run(rest is [var hours] ? int.Parse(hours, CultureInfo.InvariantCulture) : 24);
}
else if (args is ["pushes", var pushes])
{
    return PushLife.Run(long.Parse(pushes, CultureInfo.InvariantCulture));
}
else if (args is ["loss"])
{
    LossMeasurement.Run(100_000);
    LossMeasurement.Run(1_000_000);
    LossMeasurement.Run(4_000_000);
}
else if (args is ["repair", .. var counts])
{
    // repair [CONNECTIONS]...
    return RepairMeasurement.Run(counts.Length == 0 ? [100_000, 1_000_000] : [.. counts.Select(count => int.Parse(count, CultureInfo.InvariantCulture))]);
}
else if (args is ["resync", .. var known])
{
    // resync [CONNECTIONS]...
    return ResyncMeasurement.Run(known.Length == 0 ? [100_000, 1_000_000] : [.. known.Select(count => int.Parse(count, CultureInfo.InvariantCulture))]);
}
else if (args is ["audit"])
{
    AuditMeasurement.Run(100_000);
    AuditMeasurement.Run(1_000_000);
}
else if (args is ["housekeeping"])
{
    HousekeepingMeasurement.Run(3_000_000);
}
else if (args is ["start", var executable])
{
    StartMeasurement.Run(executable);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(CodecBenchmarks).Assembly).Run(args);
}

return 0;
