namespace Portal.Web.Features.Webhooks;

/// <summary>What has become of a delivery. In the database and in REST by these names, never changed.</summary>
public static class HookState
{
    /// <summary>It is kept and will be worked on.</summary>
    public const string Waiting = "waiting";

    /// <summary>Somebody works on it.</summary>
    public const string Working = "working";

    /// <summary>It caused what it should.</summary>
    public const string Done = "done";

    /// <summary>It did nothing, as it should.</summary>
    public const string Ignored = "ignored";

    /// <summary>It can't be read.</summary>
    public const string Malformed = "malformed";

    /// <summary>It should have done something, and that failed.</summary>
    public const string Failed = "failed";
}
