using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace IpvsSync.Daemon.Commands;

/// <summary>Options that take a number within limits.</summary>
internal static class NumberOption
{
    /// <summary>An option that takes a number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<T> Of<T>(string name, string unit, string description, T usual, T least, T most) where T : struct, INumber<T>
    {
        Option<T> option = new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<T>() is T value && !(value >= least && value <= most))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not between {least} and {most}"));
        });
        return option;
    }
}
