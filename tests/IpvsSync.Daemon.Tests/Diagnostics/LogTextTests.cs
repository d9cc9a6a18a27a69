using System.Reflection;
using System.Text.RegularExpressions;
using IpvsSync.Daemon.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>The texts of all log events.</summary>
public sealed class LogTextTests
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>
    /// The sinks fill in the text again, with the values under the names that the text has. The generator gives them the parameters' names where these are
    /// in another order, and one that is a keyword of the language then gets a name that no text has.
    /// </summary>
    [Fact]
    public void Text_AllEvents_EveryNameHasAValue()
    {
        MethodInfo[] events = [.. typeof(PeerReporter).Assembly.GetTypes().SelectMany(type => type.GetMethods(Static))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)];

        Assert.True(events.Length > 50, $"{events.Length} events");
        Assert.Equal([], events.SelectMany(Unknown));
    }

    /// <summary>The names in the text of an event under which it has no value.</summary>
    private static IEnumerable<string> Unknown(MethodInfo method)
    {
        var log = new FakeLogger();
        method.Invoke(null, [.. method.GetParameters().Select(parameter => Value(parameter.ParameterType, log))]);
        IReadOnlyList<KeyValuePair<string, string?>> state = log.LatestRecord.StructuredState!;
        string text = state.Single(value => value.Key == "{OriginalFormat}").Value!;
        return Regex.Matches(text, "{([^}:]+)").Select(match => match.Groups[1].Value).Except(state.Select(value => value.Key)).Select(name => $"{method.Name}: {name}");
    }

    private static object? Value(Type type, FakeLogger log) => type switch
    {
        _ when type == typeof(ILogger) => log,
        _ when type == typeof(string) => "text",
        _ when type.IsByRef => Value(type.GetElementType()!, log),
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };
}
