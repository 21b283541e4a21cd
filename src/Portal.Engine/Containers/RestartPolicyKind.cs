namespace Portal.Engine.Containers;

/// <summary>Docker's restart policies.</summary>
public enum RestartPolicyKind
{
    /// <summary><c>no</c>: never.</summary>
    No = 0,

    /// <summary><c>on-failure</c>: when it ends with a code other than 0.</summary>
    OnFailure,

    /// <summary><c>always</c>: whenever it ends, and when the engine starts.</summary>
    Always,

    /// <summary><c>unless-stopped</c>: as always, unless a person stopped it.</summary>
    UnlessStopped,
}
