namespace IpvsSync.Daemon.Authentication;

/// <summary>Names outcomes.</summary>
internal static class AuthenticationText
{
    /// <summary>Every outcome.</summary>
    public static readonly IReadOnlyList<AuthenticationOutcome> Outcomes = Enum.GetValues<AuthenticationOutcome>();

    /// <summary>The name of an outcome for people: <c>wrong tag</c>.</summary>
    public static string Of(AuthenticationOutcome outcome) => outcome switch
    {
        AuthenticationOutcome.Good => "good",
        AuthenticationOutcome.Unsigned => "unsigned",
        AuthenticationOutcome.Malformed => "malformed",
        AuthenticationOutcome.UnknownKey => "unknown key",
        AuthenticationOutcome.WrongTag => "wrong tag",
        AuthenticationOutcome.OldNumber => "old number",
        AuthenticationOutcome.UnknownInstance => "unknown instance",
        _ => "own",
    };

    /// <summary>The name of an outcome for programs: <c>wrong_tag</c>.</summary>
    public static string Label(AuthenticationOutcome outcome) => Of(outcome).Replace(' ', '_');
}
