using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace IpvsSync.Benchmarks;

/// <summary>A fixed number of runs with one call each, without building and starting a process for every benchmark.</summary>
/// <param name="warmups">The number of runs that do not count.</param>
/// <param name="runs">The number of runs that count.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class InThisProcessAttribute(int warmups, int runs) : Attribute, IConfigSource
{
    /// <summary>The number of runs that do not count.</summary>
    public int Warmups => warmups;

    /// <summary>The number of runs that count.</summary>
    public int Runs => runs;

    /// <summary>The job, added to the common configuration.</summary>
    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddJob(Job.Default
        .WithToolchain(InProcessEmitToolchain.Instance)
        .WithStrategy(RunStrategy.Monitoring)
        .WithLaunchCount(1)
        .WithWarmupCount(warmups)
        .WithIterationCount(runs)
        .WithInvocationCount(1)
        .WithUnrollFactor(1));
}
