namespace Portal.Web.Features.Deployments;

/// <summary>What a person wants of a stack.</summary>
public enum StackIntent
{
    Running,
    Stopped,
    Removed,
}
