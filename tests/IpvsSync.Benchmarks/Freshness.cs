using System.Diagnostics;
using System.Globalization;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Benchmarks;

/// <summary>How long single connections take from one director's table to another's: a thread of its own looks for them all the time.</summary>
internal sealed class Freshness
{
    private readonly ConnectionTable _table;
    private readonly Lock _lock = new();
    private readonly List<(ConnectionKey Key, long Since)> _awaited = [];
    private readonly List<double> _delays = [];
    private readonly Thread _thread;
    private volatile bool _isStopped;

    /// <summary>Begins to look.</summary>
    /// <param name="table">Where they arrive.</param>
    public Freshness(ConnectionTable table)
    {
        _table = table;
        _thread = new Thread(Look) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Median, 79 and 99 % in milliseconds: with a loss of a fifth, the last but one is the slowest of those that arrive at once.</summary>
    public string Text
    {
        get
        {
            double[] sorted = [.. _delays.Order()];
            return sorted.Length == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{At(sorted, 0.5):F1} {At(sorted, 0.79):F1} {At(sorted, 0.99):F1}");
        }
    }

    /// <summary>A connection is told now.</summary>
    public void Note(in ConnectionKey key)
    {
        lock (_lock)
            _awaited.Add((key, Stopwatch.GetTimestamp()));
    }

    /// <summary>Ends looking.</summary>
    public void Stop()
    {
        _isStopped = true;
        _thread.Join();
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    private void Look()
    {
        while (!_isStopped)
        {
            lock (_lock)
            {
                for (int i = _awaited.Count - 1; i >= 0; i--)
                {
                    if (!_table.TryGet(_awaited[i].Key, out _))
                        continue;
                    _delays.Add(Stopwatch.GetElapsedTime(_awaited[i].Since).TotalMilliseconds);
                    _awaited.RemoveAt(i);
                }
            }

            Thread.Sleep(1);
        }
    }
}
