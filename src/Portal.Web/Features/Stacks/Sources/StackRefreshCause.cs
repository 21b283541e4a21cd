namespace Portal.Web.Features.Stacks.Sources;

/// <summary>Who or what asks for a look at a source.</summary>
internal enum StackRefreshCause
{
    Person,
    Poll,
    Webhook,
}
