namespace Portal.Engine.Logs.Forwarding;

/// <summary>Hears what goes wrong while a log is sent.</summary>
internal interface ILogTroubles
{
    /// <summary>A line could not be sent; told once until one could.</summary>
    void NotSent(IOException failure);

    /// <summary>Lines were dropped, as the container's options want it.</summary>
    void Dropped(long lines);
}
