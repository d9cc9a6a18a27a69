#!/bin/bash
# Compiled ahead of time, .NET multiplies two 64-bit numbers to 128 bits in software, on every x86-64 processor.
#
# Expected: Math.BigMul is one instruction. Every x86-64 processor has MUL, which gives the whole product, and the documents say nothing else of native
# compilation than that it takes no instruction that the oldest supported processor lacks.
# Seen: .NET only uses MULX, which is an extension (BMI2), and the native compiler assumes a processor without it. So each product is a call of a function
# with four multiplications, whatever the processor can do; IsSupported is a constant there, and no check at run time finds the better way. The same
# program on the runtime itself uses the instruction.
# Why it matters: hashes of the wyhash family fold the words of a key with such products. They were among the dearest functions of a native daemon, whose
# benchmarks ran on the runtime and showed nothing of it.
#
# Needs binutils, a C linker (clang, or gcc) with zlib, and the SDK of .NET 10, on x86-64. Exit status 0: seen as described; 1: the behaviour is another
# one; 2: the program could not be built or run, or this processor has no BMI2.
set -eu

VERSION=10.0.12

case ${1-} in
'') ;;
--help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 0 ;;
*) echo "usage: $0 [--help]" >&2; exit 2 ;;
esac
grep -qw bmi2 /proc/cpuinfo || { echo 'this processor has no BMI2' >&2; exit 2; }

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
    <RuntimeFrameworkVersion>$VERSION</RuntimeFrameworkVersion>
    <SelfContained>true</SelfContained>
    <InvariantGlobalization>true</InvariantGlobalization>
    <PublishAot>\$(Native)</PublishAot>
    <CppCompilerAndLinker Condition="'\$(Linker)' != ''">\$(Linker)</CppCompilerAndLinker>
  </PropertyGroup>
  <ItemGroup Condition="'\$(Native)' == 'true'">
    <KnownILCompilerPack Update="Microsoft.DotNet.ILCompiler" ILCompilerPackVersion="$VERSION" />
  </ItemGroup>
</Project>
END

cat >"$folder/Program.cs" <<'END'
using System;
using System.Diagnostics;
using System.Runtime.Intrinsics.X86;

const int Count = 20_000_000;
double best = double.MaxValue;
ulong number = 88172645463325252;
for (int round = 0; round < 7; round++)
{
    long begun = Stopwatch.GetTimestamp();
    for (int i = 0; i < Count; i++)
    {
        ulong high = Math.BigMul(number, 0x9E3779B97F4A7C15, out ulong low);
        number = high ^ low ^ (ulong)i;
    }

    best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Count);
}

Console.WriteLine(FormattableString.Invariant($".NET {Environment.Version}, MULX {(Bmi2.X64.IsSupported ? "yes" : "no")}, {best:0.0} ns a product ({number})"));
END

# build NAME NATIVE: publishes the program.
build() {
  dotnet publish "$folder/app.csproj" -c Release -o "$folder/$1" "-p:Native=$2" "-p:Linker=$(command -v clang >/dev/null || echo gcc)" >"$folder/$1.log" 2>&1 ||
    { tail -n 5 "$folder/$1.log" >&2; exit 2; }
  rm -rf "$folder/obj" "$folder/bin"
}

build runtime false
build native true
# The compiler names each function in the file with the symbols.
software=$(nm "$folder/native/app.dbg" | grep -c ' t .*BigMul.*SoftwareFallback' || true)
runtime=$("$folder/runtime/app") && native=$("$folder/native/app") || exit 2
echo "on the runtime: $runtime"
echo "native:         $native"
echo "functions that multiply in software, in the native program: $software"
[[ $runtime == *'MULX yes'* && $native == *'MULX no'* && $software == 1 ]] ||
  { echo 'expected by this script: MULX on the runtime only, and one such function in the native program' >&2; exit 1; }
