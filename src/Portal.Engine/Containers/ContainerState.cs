namespace Portal.Engine.Containers;

/// <summary>
/// The states of a container, in Docker's words. Steps: created → running → (paused ⇄ running) → exited → running ...;
/// running → restarting → running where the policy says so; created, exited, dead → removing → gone.
/// </summary>
public enum ContainerState
{
    /// <summary>Made, never started.</summary>
    Created = 0,

    /// <summary>Its program runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Paused,

    /// <summary>It has ended and will be started again when the back-off is over.</summary>
    Restarting,

    /// <summary>It has ended.</summary>
    Exited,

    /// <summary>It is being removed.</summary>
    Removing,

    /// <summary>A removal failed half-way; it can only be removed.</summary>
    Dead,
}
