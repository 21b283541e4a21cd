namespace Portal.Compose.Model;

/// <summary>What is done when more containers fail than may: <c>failure_action</c>.</summary>
public enum UpdateFailureAction
{
    /// <summary>The file does not say. Swarm pauses then; who deploys otherwise goes back.</summary>
    Unset,
    Continue,
    Pause,

    /// <summary>Of an update alone: back to what ran before.</summary>
    RollBack,
}
