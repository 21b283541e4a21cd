using Portal.Contracts.Builds.V1;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Builds.Cache;

/// <summary>Limits of the cache in words.</summary>
internal static class CacheText
{
    public static string Limit(CacheLimits limits) => limits.MaxBytes == 0 ? T("none") : Units.Bytes(limits.MaxBytes);

    public static string Age(CacheLimits limits) => limits.MaxUnused?.ToTimeSpan() is { } age
        ? T("{0:0.#} days", age.TotalDays)
        : T("as long as there is room");
}
