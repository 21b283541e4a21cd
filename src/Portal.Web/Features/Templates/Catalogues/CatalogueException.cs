namespace Portal.Web.Features.Templates.Catalogues;

/// <summary>A catalogue can't be kept or read; the message says why, for people, without secrets.</summary>
internal sealed class CatalogueException(string message, Exception? inner = null) : Exception(message, inner);
