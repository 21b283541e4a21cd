namespace Portal.Engine.Hosts;

/// <summary>What on this machine keeps the engine from working as it should, in sentences that say what helps.</summary>
public interface IHostWarnings
{
    /// <summary>Looks anew; some milliseconds. Empty when all is well, or when the machine does not tell.</summary>
    IReadOnlyList<string> Read();
}
