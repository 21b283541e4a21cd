using System.Text.Json;
using Portal.Contracts.Containers.V1;
using ContainerHealth = Portal.Contracts.Containers.V1.Health;

namespace Portal.Web.Features.Rest.Containers;

/// <summary>A container with its settings.</summary>
/// <param name="Summary">As lists have it.</param>
/// <param name="Resources">Its limits.</param>
/// <param name="Health">Its health check; null without one.</param>
/// <param name="Docker">What <c>docker inspect</c> prints for it.</param>
internal sealed record ContainerDetail(ContainerSummary Summary, Resources? Resources, ContainerHealth? Health, JsonElement Docker);
