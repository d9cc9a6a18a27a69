#!/bin/bash
# The source generator of LoggerMessage gives a parameter whose name is a C# keyword another name in structured logs, in some methods.
#
# Expected: the placeholder {Interface} and the parameter @interface give a property of one name, whatever else the method takes.
# Seen: with a fixed level and up to six placeholders the property is named as in the template, Interface. With the level as a parameter,
# or with seven placeholders, it is @interface, with the escape of C#. A structured sink that renders the template itself does not find
# it: Serilog prints the placeholder, in braces, in place of the value. The text that the generator itself makes is right in both cases,
# so a test that reads it does not notice. The compiler gives no warning.
# Why it matters: names of the field, such as interface, event and lock, are keywords. A log line of a network daemon then has no
# interface, and a filter of the journal by that field finds nothing.
#
# Needs coreutils and the SDK of .NET 10. Exit status 0: seen as described; 1: the behaviour is another one; 2: the program could not be
# built.
set -eu

VERSION=10.0.14
SERILOG=4.4.0
SERILOG_LOGGING=10.0.0

case ${1-} in
'') ;;
--help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 0 ;;
*) echo "usage: $0 [--help]" >&2; exit 2 ;;
esac

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' HUP INT TERM

# The SDK leaves files in TMPDIR.
mkdir "$folder/tmp"
export TMPDIR=$folder/tmp NUGET_PACKAGES=$folder/packages DOTNET_NOLOGO=1

cat >"$folder/app.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Extensions.Logging" Version="[$VERSION]" />
    <PackageReference Include="Serilog" Version="[$SERILOG]" />
    <PackageReference Include="Serilog.Extensions.Logging" Version="[$SERILOG_LOGGING]" />
  </ItemGroup>
</Project>
END

cat >"$folder/Program.cs" <<'END'
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

using var serilog = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new Rendered()).CreateLogger();
using var both = new LoggerFactory([new SerilogLoggerProvider(serilog), new Formatted()]);
var log = both.CreateLogger("links");
log.Fixed("eth1", "up");
log.Variable(LogLevel.Information, "eth1", "up");
log.Seven("eth1", 1, 2, 3, 4, 5, 6);

internal static partial class Events
{
    [LoggerMessage(1, LogLevel.Information, "{Interface} is {State}")]
    public static partial void Fixed(this Microsoft.Extensions.Logging.ILogger log, string @interface, string state);

    [LoggerMessage(EventId = 2, Message = "{Interface} is {State}")]
    public static partial void Variable(this Microsoft.Extensions.Logging.ILogger log, LogLevel level, string @interface, string state);

    [LoggerMessage(3, LogLevel.Information, "{Interface} has {A} {B} {C} {D} {E} {F}")]
    public static partial void Seven(this Microsoft.Extensions.Logging.ILogger log, string @interface, int a, int b, int c, int d, int e, int f);
}

internal sealed class Rendered : ILogEventSink
{
    public void Emit(LogEvent record) => Console.WriteLine($"serilog: {record.RenderMessage().Replace("\"", "")}");
}

internal sealed class Formatted : ILoggerProvider, Microsoft.Extensions.Logging.ILogger
{
    public Microsoft.Extensions.Logging.ILogger CreateLogger(string category) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel level) => true;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? fault, Func<TState, Exception?, string> format)
        => Console.WriteLine($"method {id.Id}: {format(state, fault)}; properties {string.Join(" ", ((IReadOnlyList<KeyValuePair<string, object?>>)state!).Select(pair => pair.Key).Where(key => key[0] != '{'))}");

    public void Dispose()
    {
    }
}
END
sed -i 's/<InvariantGlobalization>/<Nullable>enable<\/Nullable><InvariantGlobalization>/' "$folder/app.csproj"

dotnet build "$folder/app.csproj" -c Release -o "$folder/out" --disable-build-servers -v quiet >"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  exit 2
}

echo "Microsoft.Extensions.Logging $VERSION, Serilog $SERILOG, SDK of .NET $(dotnet --version); warnings of the compiler: $(grep -c 'warning' "$folder/log" || true)"
dotnet "$folder/out/app.dll" | tee "$folder/output"
diff "$folder/output" - <<'END' && echo 'as described' || { echo 'This differs.'; exit 1; }
serilog: eth1 is up
method 1: eth1 is up; properties Interface State
serilog: {Interface} is up
method 2: eth1 is up; properties @interface State
serilog: {Interface} has 1 2 3 4 5 6
method 3: eth1 has 1 2 3 4 5 6; properties @interface A B C D E F
END
