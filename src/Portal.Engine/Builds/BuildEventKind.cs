namespace Portal.Engine.Builds;

/// <summary>What a <see cref="BuildEvent"/> tells.</summary>
public enum BuildEventKind
{
    /// <summary>A step begins; the text is its instruction.</summary>
    Started = 0,

    /// <summary>Bytes that the step's program wrote.</summary>
    Output,

    /// <summary>A line about the step, such as what is pulled or downloaded.</summary>
    Note,

    /// <summary>The step's result came from the cache. <see cref="Finished"/> follows.</summary>
    Cached,

    /// <summary>The step runs in a container; the text is its id.</summary>
    Running,

    /// <summary>The step's container is gone; the text is its id.</summary>
    Removed,

    /// <summary>The step is done; the text names its result, 12 hexadecimal digits.</summary>
    Finished,

    /// <summary>Something that the user should know of; belongs to no step when that is 0.</summary>
    Warning,

    /// <summary>A step of pulling a base image.</summary>
    Pulling,
}
