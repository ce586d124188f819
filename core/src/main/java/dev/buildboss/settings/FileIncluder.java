package dev.buildboss.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;
import java.io.File;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/** Includes files, or nothing: settings never come from the network. */
public final class FileIncluder
        implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    private final boolean files;

    /**
     * For a user's file, or for one that is not trusted.
     *
     * @param files whether files may be included
     */
    public FileIncluder(boolean files) {
        this.files = files;
    }

    @Override
    public ConfigIncluder withFallback(@Nullable ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (!files || what.contains("://")) {
            throw refused(what);
        }
        ConfigParseable beside = context.relativeTo(what);
        if (beside == null) {
            throw refused(what);
        }
        return beside.parse(context.parseOptions().setAllowMissing(false));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        if (!files) {
            throw refused(what.toString());
        }
        return ConfigFactory.parseFile(what, context.parseOptions().setAllowMissing(false))
                .root();
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw refused(what.toString());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw refused(what);
    }

    private ConfigException refused(String what) {
        return new ConfigException.Generic("include of " + what + " refused: "
                + (files ? "only files can be included" : "this file includes nothing"));
    }
}
