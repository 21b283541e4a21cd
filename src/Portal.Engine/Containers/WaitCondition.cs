namespace Portal.Engine.Containers;

/// <summary>What a wait waits for.</summary>
public enum WaitCondition
{
    /// <summary>It does not run: at once when it does not.</summary>
    NotRunning = 0,

    /// <summary>Its next end, also when it does not run now.</summary>
    NextExit,

    /// <summary>Its removal.</summary>
    Removed,
}
