#!/bin/bash
# A .NET host with the lifetime of systemd does not handle SIGINT: the signal ends it, and its services are not stopped.
#
# Expected: a host stops in order on SIGINT as on SIGTERM, whichever lifetime it has: StopAsync of each hosted service runs, and the
# exit status is 0. The lifetime of the console does so.
# Seen: with SystemdLifetime, only SIGTERM does so. SIGINT ends the process at once (status 130 in the shell), and no StopAsync runs.
# Why it matters: a daemon that undoes its changes of the kernel in StopAsync leaves them behind if its unit has KillSignal=SIGINT, if
# an operator sends it SIGINT, or if it has this lifetime because NOTIFY_SOCKET is set and somebody types Ctrl-C. It must handle SIGINT
# itself.
#
# Needs coreutils and the SDK of .NET 10, but neither systemd nor privileges. Exit status 0: seen as described; 1: the behaviour is
# another one; 2: the program could not be built.
set -eu

VERSION=10.0.14

case ${1-} in
'') ;;
--help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 0 ;;
*) echo "usage: $0 [--help]" >&2; exit 2 ;;
esac

folder=$(mktemp -d)
pid=

clean() {
  [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null || true
  rm -rf "$folder"
}
trap clean EXIT
trap 'exit 2' HUP INT TERM

# The SDK leaves files in TMPDIR.
mkdir "$folder/tmp"
export TMPDIR=$folder/tmp NUGET_PACKAGES=$folder/packages DOTNET_NOLOGO=1

cat >"$folder/app.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="[$VERSION]" />
    <PackageReference Include="Microsoft.Extensions.Hosting.Systemd" Version="[$VERSION]" />
  </ItemGroup>
</Project>
END

cat >"$folder/Program.cs" <<'END'
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddHostedService<Worker>();

if (args[0] == "SystemdLifetime")
{
    builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
    builder.Services.AddSingleton<IHostLifetime, SystemdLifetime>();
}

using var host = builder.Build();
var lifetime = host.Services.GetRequiredService<IHostLifetime>().GetType();
var version = lifetime.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
Console.WriteLine($"{lifetime.Name} {version?.InformationalVersion.Split('+')[0]}");
await host.RunAsync();

internal sealed class Worker(IHostApplicationLifetime application) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        application.ApplicationStarted.Register(() => Console.WriteLine("started"));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine("stopped");
        return Task.CompletedTask;
    }
}
END

# await COMMAND...: waits until the command succeeds, for 30 seconds at most.
await() {
  local tries=300
  until "$@" 2>/dev/null; do
    ((tries-- > 0)) || { echo "waited in vain: $*" >&2; exit 1; }
    sleep 0.1
  done
}

# try LIFETIME SIGNAL OUTPUT STATUS: sends the signal to the program with this lifetime, and compares what it writes and its status.
try() {
  local output status=0
  # Nothing may be left of the program before: the shell looks into the file before the background command has emptied it.
  rm -f "$folder/output"
  # A shell without job control starts background commands with SIGINT ignored.
  env -u NOTIFY_SOCKET --default-signal=INT,TERM dotnet "$folder/out/app.dll" "$1" >"$folder/output" 2>&1 &
  pid=$!
  await grep -qx started "$folder/output"
  kill -s "$2" "$pid" || true
  await eval "! kill -0 $pid"
  wait "$pid" || status=$?
  pid=
  output=$(paste -sd ' ' "$folder/output")
  echo "$1, SIG$2: writes '$output', status $status"
  [[ $output == "$1 $VERSION $3" && $status == "$4" ]] || {
    echo "  This differs. Expected '$1 $VERSION $3', status $4."
    faults=1
  }
}

dotnet build "$folder/app.csproj" -c Release -o "$folder/out" --disable-build-servers -v quiet >"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  exit 2
}

faults=0
echo "Microsoft.Extensions.Hosting and Microsoft.Extensions.Hosting.Systemd $VERSION, SDK of .NET $(dotnet --version)"
try ConsoleLifetime TERM 'started stopped' 0
try ConsoleLifetime INT 'started stopped' 0
try SystemdLifetime TERM 'started stopped' 0
try SystemdLifetime INT 'started' 130
((faults == 0))
