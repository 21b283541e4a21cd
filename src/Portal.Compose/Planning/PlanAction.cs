namespace Portal.Compose.Planning;

public enum PlanAction
{
    /// <summary>It is as it should be.</summary>
    Keep,
    Create,

    /// <summary>It goes, and another comes in its place.</summary>
    Recreate,

    /// <summary>It is as it should be, but does not run.</summary>
    Start,

    /// <summary>It stays, and starts anew since something that it depends on does.</summary>
    Restart,
    Remove,

    /// <summary>It goes from its node, and another comes in its place on another node.</summary>
    Move,
}
