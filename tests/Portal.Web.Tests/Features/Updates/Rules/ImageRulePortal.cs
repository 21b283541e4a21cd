using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Features.Updates.Policies;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Updates.Rules;

/// <summary>A portal that sees to image policies only when a test says so.</summary>
public sealed class ImageRulePortal : IAsyncLifetime
{
    public TestPortal Portal { get; } = new()
    {
        Overrides = builder => builder.Services.Remove(
            builder.Services.Single(service => service.ImplementationType == typeof(ImagePolicyWorker))),
    };

    public Task InitializeAsync() => Portal.InitializeAsync();

    public Task DisposeAsync() => Portal.DisposeAsync();
}
