using Radzen.Blazor;

namespace Portal.Web.Components.Shared;

/// <summary>A column of a <see cref="PortalGrid{TItem}"/>: <c>Title</c>, <c>Property</c> or <c>SortProperty</c>, <c>Width</c>, <c>Template</c>.</summary>
public sealed class PortalColumn<TItem> : RadzenDataGridColumn<TItem>
    where TItem : notnull
{
}
