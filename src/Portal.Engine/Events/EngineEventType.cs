namespace Portal.Engine.Events;

/// <summary>Kinds of objects that events are about.</summary>
public enum EngineEventType
{
    /// <summary>A container.</summary>
    Container = 0,

    /// <summary>An image.</summary>
    Image,

    /// <summary>A network.</summary>
    Network,

    /// <summary>A volume.</summary>
    Volume,

    /// <summary>The engine itself.</summary>
    Daemon,

    /// <summary>The builder and its cache.</summary>
    Builder,
}
