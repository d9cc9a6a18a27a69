namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>
/// What a control message says. REPAIRED, BEGIN, END, DIGEST, DETAIL and TELL are numbered as messages with entries are; the trailer of the
/// others has number 0. A receiver skips and counts kinds that it does not know.
/// </summary>
public enum ControlKind : byte
{
    /// <summary>The sender is there, and asks who else is.</summary>
    Hello = 1,

    /// <summary>The answer to HELLO: it repeats the nonce and gives the highest number.</summary>
    HelloAck = 2,

    /// <summary>The highest number of the sender's lane, while nothing else is sent.</summary>
    Beat = 3,

    /// <summary>Numbers of the target that the sender misses.</summary>
    Nack = 4,

    /// <summary>
    /// Numbers of the sender that need not be asked for any more: their records were told again under new numbers, or cannot be told.
    /// </summary>
    Repaired = 5,

    /// <summary>The sender asks the target for everything it carries.</summary>
    Ask = 6,

    /// <summary>A run of answers to ASK begins.</summary>
    Begin = 7,

    /// <summary>The highest number of a run that the learner has seen.</summary>
    Credit = 8,

    /// <summary>A run has ended.</summary>
    End = 9,

    /// <summary>Sums over cells of the sender's connections.</summary>
    Digest = 10,

    /// <summary>Sums of single cells, where those of a digest differ.</summary>
    Detail = 11,

    /// <summary>Cells that the target shall tell.</summary>
    Tell = 12,
}
