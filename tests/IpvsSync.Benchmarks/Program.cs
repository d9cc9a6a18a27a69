using BenchmarkDotNet.Running;
using IpvsSync.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(CodecBenchmarks).Assembly).Run(args);
