namespace IpvsSync.Lab.Report;

/// <summary><c>report KIND DIR</c>: a table on standard output; the exit status is the verdict.</summary>
internal static class Reports
{
    public static int Run(Arguments arguments) => arguments.Positional.FirstOrDefault() switch
    {
        "fresh" => FreshReport.Run(arguments),
        "crash" => CrashReport.Run(arguments),
        "run" => RunReport.Run(arguments),
        "story" => StoryReport.Run(arguments),
        "traffic" => TrafficReport.Run(arguments),
        _ => throw new ArgumentException("report fresh|crash|run|story|traffic DIR"),
    };
}
