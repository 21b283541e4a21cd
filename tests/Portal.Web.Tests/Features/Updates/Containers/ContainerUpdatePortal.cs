using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Features.Updates.Containers;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Updates.Containers;

/// <summary>A portal that works on no update of a container by itself.</summary>
public sealed class ContainerUpdatePortal : IAsyncLifetime
{
    public TestPortal Portal { get; } = new()
    {
        Overrides = builder => builder.Services.Remove(
            builder.Services.Single(service => service.ImplementationType == typeof(ContainerUpdateWorker))),
    };

    public Task InitializeAsync() => Portal.InitializeAsync();

    public Task DisposeAsync() => Portal.DisposeAsync();
}
