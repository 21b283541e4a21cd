namespace Portal.Web.Nodes;

/// <summary>What a node is there for, as people have said. Kept by its name: none is renamed.</summary>
public enum NodeDuty
{
    /// <summary>It takes all that it is given.</summary>
    Active = 0,

    /// <summary>It takes no new containers and images; what is on it goes on, and can be stopped and removed.</summary>
    Drained,

    /// <summary>As drained, and people work on it: that it is away now and then is no surprise.</summary>
    Maintenance,
}
