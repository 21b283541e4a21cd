namespace Portal.Web.Nodes.Upgrades;

/// <summary>How far an upgrade of a node's agent is.</summary>
public enum NodeUpgradeStep
{
    /// <summary>Others go first.</summary>
    Waiting = 0,

    /// <summary>The archive is on its way, or is checked and unpacked there.</summary>
    Sending,

    /// <summary>The node starts the new version and links with it, or comes back with the old one.</summary>
    Starting,

    /// <summary>The new version runs.</summary>
    Succeeded,

    /// <summary>The new version did not link in time; the old one runs.</summary>
    WentBack,

    /// <summary>The node did not take the new version, or has not come back yet.</summary>
    Failed,

    /// <summary>It was not begun, as one before it did not succeed.</summary>
    NotBegun,
}
