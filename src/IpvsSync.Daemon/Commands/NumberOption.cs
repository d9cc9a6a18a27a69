using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace IpvsSync.Daemon.Commands;

/// <summary>Options that take a number within limits, in English notation.</summary>
internal static class NumberOption
{
    /// <summary>Makes an option that takes a number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<T> Of<T>(
        string name, string unit, string description, T usual, T least, T most, Func<T, string?>? fault = null) where T : struct, INumber<T>
        => new(name)
        {
            Description = description,
            HelpName = unit,
            DefaultValueFactory = _ => usual,
            CustomParser = result => Parse(name, least, most, fault, result),
        };

    private static T Parse<T>(string name, T least, T most, Func<T, string?>? fault, ArgumentResult result) where T : struct, INumber<T>
    {
        string text = result.Tokens[^1].Value;
        if (!T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value))
            result.AddError($"{name}: '{text}' is not a number that fits here");
        else if (!(value >= least && value <= most))
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not between {least} and {most}"));
        else if (fault?.Invoke(value) is { } reason)
            result.AddError($"{name}: {reason}");
        return value;
    }
}
