namespace Portal.Web.Nodes.Upgrades;

/// <summary>The agent that this portal has for one kind of machine.</summary>
/// <param name="Build">What it was built from, as its file <c>BUILD</c> says.</param>
/// <param name="Sha256">Of the archive, in lower-case hexadecimal digits.</param>
/// <param name="Size">The archive's bytes.</param>
/// <param name="Path">Where the archive is.</param>
public sealed record AgentOffer(string Build, string Sha256, long Size, string Path)
{
    /// <summary>The version without what tells builds of it apart.</summary>
    public string Version => Build.Split('+')[0];
}
