using BenchmarkDotNet.Running;
using IpvsSync.Benchmarks;

if (args is ["table"])
{
    TableMeasurement.Run(10_000_000);
    TableSpeed.Run(1_000_000);
    TableSpeed.Run(10_000_000);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(CodecBenchmarks).Assembly).Run(args);
}
