namespace IpvsSync.Daemon.Destinations;

/// <summary>What the kernel does with the connections of real servers that go (spec §6.7).</summary>
/// <param name="DropsWithServer"><c>expire_nodest_conn</c>: connections end with their real server.</param>
/// <param name="DropsQuiescedTemplates"><c>expire_quiescent_template</c>: a template whose real server has weight 0 ends at its next use.</param>
internal sealed record ExpiryRules(bool DropsWithServer, bool DropsQuiescedTemplates)
{
    /// <summary>The kernel's defaults: connections wait for their server.</summary>
    public static readonly ExpiryRules Default = new(DropsWithServer: false, DropsQuiescedTemplates: false);
}
