using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Components;

namespace Portal.Web.Tests.Features.Rest.Coverage;

/// <summary>
/// What pages do in somebody's name, programs can do too: whatever method of a service takes who asks, and is called by a page, is called
/// by an endpoint as well, or stands in <see cref="PagesAlone"/> with the reason.
/// </summary>
public sealed class RestCoverageTests
{
    private static readonly Assembly s_portal = typeof(PortalApplication).Assembly;

    [Fact]
    public void Pages_WhatTheyDoForSomebody_EndpointsDoToo()
    {
        var types = s_portal.GetTypes().Where(type => !type.IsNested).ToList();
        var byPages = NamesOf(types.Where(type => type.IsAssignableTo(typeof(ComponentBase))));
        var byEndpoints = NamesOf(types.Where(IsOfEndpoints));

        Assert.True(byPages.Count > 100, $"{byPages.Count} methods");
        var missing = byPages.Except(byEndpoints).Except(PagesAlone.Reasons.Keys).Order().ToList();
        Assert.True(missing.Count == 0, "Programs can't do these:\n" + string.Join("\n", missing));
        var superfluous = PagesAlone.Reasons.Keys.Where(name => !byPages.Contains(name) || byEndpoints.Contains(name)).Order().ToList();
        Assert.True(superfluous.Count == 0, "No reason is needed any more:\n" + string.Join("\n", superfluous));
    }

    private static bool IsOfEndpoints(Type type) =>
        type.Namespace?.StartsWith("Portal.Web.Features.Rest", StringComparison.Ordinal) == true
        || type.Name.EndsWith("Endpoint", StringComparison.Ordinal)
        || type.Name.EndsWith("Endpoints", StringComparison.Ordinal);

    private static HashSet<string> NamesOf(IEnumerable<Type> types) =>
    [
        .. types.SelectMany(MethodCalls.Of)
            .Where(method => method.DeclaringType?.Assembly == s_portal && !method.DeclaringType.IsAssignableTo(typeof(ComponentBase)))
            .Where(method => !method.IsPrivate && (!method.IsStatic || method.ReturnType.IsAssignableTo(typeof(Task))))
            .Where(method => !method.Name.Contains('<', StringComparison.Ordinal))
            .Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ClaimsPrincipal)))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"),
    ];
}
