namespace Portal.Web.Tests.Features.Jobs;

/// <summary>One portal for all tests of jobs.</summary>
[CollectionDefinition(Name)]
public sealed class JobCollection : ICollectionFixture<JobPortal>
{
    public const string Name = "jobs";
}
