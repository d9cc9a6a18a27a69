using BenchmarkDotNet.Running;
using IpvsSync.Benchmarks;

if (args is ["table"])
    TableMeasurement.Run();
else
    BenchmarkSwitcher.FromAssembly(typeof(CodecBenchmarks).Assembly).Run(args);
