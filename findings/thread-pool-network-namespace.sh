#!/bin/bash
# A .NET thread pool thread lives in the network namespace of the thread that happened to need it, and works there for everybody.
#
# Expected: a dedicated thread may enter another network namespace with unshare(2) or setns(2), which change the calling thread alone, do
# its work there and end. What the rest of the process does, it does in the namespace of the process.
# Seen: if that thread is the first to queue work, the runtime starts the first thread of its pool from it, and that one has its namespace
# for ever. Tasks of the main thread then run there, after the dedicated thread has ended, in a namespace that nobody names any more: they
# see no interface of the process, and their sockets hear nothing of its networks. If the process has used the pool before, nothing of
# this happens.
# Why it matters: programs for load balancers and routers (namespaces of containers, VRF, tests in a private network) enter namespaces by
# thread. A socket that is opened in a task afterwards hears nothing and says no error, now and then, by the order in which things start.
#
# Needs coreutils, util-linux and the SDK of .NET 10; without root, user namespaces. Exit status 0: seen as described; 1: the behaviour is
# another one; 2: the program could not be built or run.
set -eu

RUNTIME=10.0.14

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
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <RuntimeFrameworkVersion>$RUNTIME</RuntimeFrameworkVersion>
    <SelfContained>true</SelfContained>
    <InvariantGlobalization>true</InvariantGlobalization>
    <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
  </PropertyGroup>
</Project>
END

cat >"$folder/Program.cs" <<'END'
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

string home = Namespace();
if (args is ["before"])
    Task.Run(() => { }).Wait();
string there = "";
var visitor = new Thread(() =>
{
    if (unshare(0x40000000) != 0) // CLONE_NEWNET
        Environment.Exit(2);
    there = Namespace();
    using var done = new ManualResetEventSlim();
    ThreadPool.QueueUserWorkItem(_ => done.Set());
    done.Wait();
});
visitor.Start();
visitor.Join();

var seen = new ConcurrentBag<string>();
for (int round = 0; round < 20; round++)
    Task.WaitAll([.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => { seen.Add(Namespace()); Thread.Sleep(5); }))]);
Console.WriteLine($"main thread at home: {(Namespace() == home ? "yes" : "no")}");
Console.WriteLine($"tasks of the main thread in the namespace of a thread that has ended: {(seen.Contains(there) ? "yes" : "no")}");
return 0;

static string Namespace() => new FileInfo("/proc/thread-self/ns/net").LinkTarget!;

[DllImport("libc")]
static extern int unshare(int flags);
END

dotnet build "$folder/app.csproj" -c Release -o "$folder/out" --disable-build-servers -v quiet >"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  exit 2
}

rights=()
((EUID == 0)) || rights=(unshare --user --map-root-user)
echo ".NET $RUNTIME, Linux $(uname -r)"
for when in before after; do
  echo "the pool is used first $when the thread enters a namespace:"
  "${rights[@]}" "$folder/out/app" "$when" || exit 2
done | tee "$folder/output"
diff "$folder/output" - <<'END' && echo 'as described' || { echo 'This differs.'; exit 1; }
the pool is used first before the thread enters a namespace:
main thread at home: yes
tasks of the main thread in the namespace of a thread that has ended: no
the pool is used first after the thread enters a namespace:
main thread at home: yes
tasks of the main thread in the namespace of a thread that has ended: yes
END
