namespace Portal.Engine.Networks.Ingress;

/// <summary>Whether a container takes connections that come to a port of every node.</summary>
public enum IngressState
{
    /// <summary>It takes none: it is starting, unhealthy, paused or gone.</summary>
    None,

    /// <summary>It takes its share.</summary>
    Ready,

    /// <summary>It is about to end, or its node does not answer: it takes some only while no other does.</summary>
    Leaving,
}
