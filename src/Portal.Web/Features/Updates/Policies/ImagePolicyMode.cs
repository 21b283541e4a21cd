namespace Portal.Web.Features.Updates.Policies;

/// <summary>When a stack follows the tags of its images.</summary>
public enum ImagePolicyMode
{
    /// <summary>Only when a person says so.</summary>
    Off,

    /// <summary>As soon as a registry is seen to have a newer image.</summary>
    AtOnce,

    /// <summary>At a time of the day, when there are newer images by then.</summary>
    Daily,
}
