namespace IpvsSync.Lab.Judge.Model;

/// <summary>The rule that applied to an accepted entry (spec §6.1 to §6.3).</summary>
internal enum Rule
{
    Created,
    Updated,
    DestinationReplaced,
    ReplacedLivesOn,
    LateExpiryIgnored,
    TemplateKeepsDestination,
    NeverFoundAgain,
    OnePacketInvisible,
}
