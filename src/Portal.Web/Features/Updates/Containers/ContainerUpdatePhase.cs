namespace Portal.Web.Features.Updates.Containers;

/// <summary>What is being done. Written down before it begins, so that whoever goes on knows which way.</summary>
public enum ContainerUpdatePhase
{
    /// <summary>Nothing was changed yet but that an image is there.</summary>
    Pull,

    /// <summary>The old one may be stopped and the new one may run; whoever finds this goes back.</summary>
    Replace,

    /// <summary>The new one is good: the old one goes, and it gets its name.</summary>
    Finish,

    /// <summary>The new one goes, and the old one is as it was.</summary>
    Back,
}
