namespace Portal.Engine.Containers.States;

/// <summary>What can happen to a container. Which step is legal in which state is in <see cref="ContainerSteps"/>.</summary>
internal enum ContainerStep
{
    /// <summary>Its program is run, by a person or by its policy.</summary>
    Start,

    /// <summary>Its processes are frozen.</summary>
    Pause,

    /// <summary>They are thawed.</summary>
    Unpause,

    /// <summary>It has ended and is left alone, or the wait for its restart is called off.</summary>
    End,

    /// <summary>It has ended, and its policy will start it again after a while.</summary>
    BackOff,

    /// <summary>Its removal begins, or goes on after a crash.</summary>
    Remove,

    /// <summary>Its removal failed half-way.</summary>
    Bury,
}
