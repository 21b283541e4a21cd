namespace Portal.Web.Features.Builds.Begin;

/// <summary>Where a build's Dockerfile and files come from.</summary>
public enum BuildSource
{
    /// <summary>Written in the page; there are no files.</summary>
    Editor = 0,

    /// <summary>A Git repository, or a Dockerfile or archive by its address, which the node fetches.</summary>
    Remote,

    /// <summary>A folder or archive that the browser sends.</summary>
    Upload,
}
