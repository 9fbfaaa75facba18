;;; lintel-eglot.el --- Lintel, the database architect, in Eglot -*- lexical-binding: t -*-

;; Author: the authors of Lintel
;; Version: 0.1.0
;; Package-Requires: ((emacs "26.3") (eglot "1.9"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Registers `lintel lsp' with Eglot for the modes of `lintel-modes', which are those of SQL and Prisma; M-x eglot then
;; starts it.  Adds commands for what Eglot has no key for: `lintel-consult', `lintel-reports', `lintel-schema',
;; `lintel-explain', `lintel-roadmap', `lintel-cancel'.  Pages of the server (reports, schemas, rules) are shown in
;; buffers that follow them while they grow.
;;
;;     (require 'lintel-eglot)
;;     (add-hook 'sql-mode-hook #'lintel-eglot-ensure)

;;; Code:

(require 'eglot)
(require 'cl-lib)
(require 'url-parse)

(defgroup lintel nil
  "Lintel, the database architect."
  :group 'tools
  :prefix "lintel-")

(defcustom lintel-command '("lintel" "lsp")
  "The language server: the program and its arguments."
  :type '(repeat string))

(defcustom lintel-modes '(sql-mode prisma-mode prisma-ts-mode)
  "Major modes that Lintel serves.
Eglot has one server for each mode: add `python-mode' only where
it is not served by another."
  :type '(repeat symbol))

(defclass lintel-server (eglot-lsp-server) ()
  :documentation "The connection to Lintel.")

(cl-defmethod eglot-client-capabilities :around ((_server lintel-server))
  "What the standard capabilities lack: pages, links, a list of references."
  (let* ((capabilities (cl-call-next-method))
         (workspace (plist-get capabilities :workspace))
         (document (plist-get capabilities :textDocument))
         (window (plist-get capabilities :window)))
    (setq workspace (append '(:textDocumentContent (:dynamicRegistration :json-false)) workspace)
          document (append '(:documentLink (:dynamicRegistration :json-false)) document)
          window (append '(:showDocument (:support t)) window))
    (append (list :workspace workspace :textDocument document :window window) capabilities)))

(add-to-list 'eglot-server-programs
             (cons lintel-modes (lambda (&rest _) (cons 'lintel-server lintel-command))))

;;;###autoload
(defun lintel-eglot-ensure ()
  "Start Lintel for this buffer, where its program says that there is a schema.
Put it on the hook of a major mode."
  (let ((program (car lintel-command)))
    (when (and buffer-file-name (executable-find program)
               (eq 0 (call-process program nil nil nil "root" (expand-file-name buffer-file-name))))
      (eglot-ensure))))

;;;; Pages

(defvar-local lintel--page nil
  "The URI of the page that this buffer shows, and its server: (URI . SERVER).")

(defvar lintel-page-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "RET") #'lintel-follow)
    (define-key map [mouse-2] #'lintel-follow)
    map)
  "Keys of a page.")

(define-derived-mode lintel-page-mode special-mode "Lintel"
  "A page of Lintel: a report, a schema, a rule."
  (setq-local revert-buffer-function (lambda (&rest _) (lintel--read-page (current-buffer)))
              truncate-lines nil word-wrap t))

(defun lintel--buffer-name (uri)
  "The name of the buffer of the page URI."
  (format "*%s*" uri))

(defun lintel--mark-links (server uri buffer)
  "Make the places of page URI, which BUFFER shows, links, as SERVER knows them."
  (jsonrpc-async-request
   server :textDocument/documentLink (list :textDocument (list :uri uri))
   :success-fn
   (lambda (links)
     (when (buffer-live-p buffer)
       (with-current-buffer buffer
         (let ((inhibit-read-only t))
           (seq-doseq (link links)
             (let ((range (plist-get link :range)))
               (add-text-properties
                (lintel--point (plist-get range :start)) (lintel--point (plist-get range :end))
                (list 'lintel-target (plist-get link :target) 'face 'link 'mouse-face 'highlight))))))))
   :error-fn #'ignore :timeout-fn #'ignore))

(defun lintel--point (position)
  "The point of the LSP POSITION, whose units are UTF-16."
  (save-excursion
    (goto-char (point-min))
    (forward-line (plist-get position :line))
    (let ((units (plist-get position :character)))
      (while (and (> units 0) (not (eolp)))
        (setq units (- units (if (> (char-after) #xffff) 2 1)))
        (forward-char)))
    (point)))

(defun lintel--fill (text)
  "Make TEXT the current page's, without moving those who read it."
  (let ((inhibit-read-only t)
        (fresh (generate-new-buffer " *lintel*")))
    (unwind-protect
        (progn
          (with-current-buffer fresh (insert text))
          (replace-buffer-contents fresh 1))
      (kill-buffer fresh))
    (set-buffer-modified-p nil)))

(defun lintel--read-page (buffer)
  "Ask for the page of BUFFER and show it there."
  (pcase-let ((`(,uri . ,server) (buffer-local-value 'lintel--page buffer)))
    (jsonrpc-async-request
     server :workspace/textDocumentContent (list :uri uri)
     :success-fn (lambda (result)
                   (when (buffer-live-p buffer)
                     (with-current-buffer buffer (lintel--fill (plist-get result :text)))
                     (lintel--mark-links server uri buffer)))
     :error-fn (jsonrpc-lambda (&key message &allow-other-keys)
                 (when (buffer-live-p buffer)
                   (with-current-buffer buffer (lintel--fill (format "This page cannot be shown: %s.\n" message)))))
     :timeout-fn #'ignore)))

(defun lintel--show-page (server uri)
  "Show the page URI of SERVER in another window."
  (let ((buffer (get-buffer-create (lintel--buffer-name uri))))
    (with-current-buffer buffer
      (unless (derived-mode-p 'lintel-page-mode) (lintel-page-mode))
      (setq lintel--page (cons uri server)))
    (lintel--read-page buffer)
    (display-buffer buffer)
    buffer))

(defun lintel--page-p (uri)
  "Whether URI is one of the server's pages."
  (string-prefix-p "lintel:" uri))

(defun lintel--open-file (uri)
  "Open the file URI, at the line that a fragment #L12 names."
  (let* ((line (and (string-match "#L\\([0-9]+\\)\\'" uri) (string-to-number (match-string 1 uri))))
         (path (url-unhex-string (url-filename (url-generic-parse-url (replace-regexp-in-string "#L[0-9]+\\'" "" uri))))))
    (find-file-other-window (decode-coding-string path 'utf-8))
    (when line
      (goto-char (point-min))
      (forward-line (1- line)))))

(defun lintel-follow ()
  "Go to what the link at point names."
  (interactive)
  (let ((target (get-text-property (point) 'lintel-target)))
    (cond ((not target) (user-error "There is no link here"))
          ((lintel--page-p target) (lintel--show-page (cdr lintel--page) target))
          ((string-prefix-p "file:" target) (lintel--open-file target))
          (t (browse-url target)))))

(cl-defmethod eglot-handle-request ((server lintel-server) (_method (eql window/showDocument))
                                    &key uri external &allow-other-keys)
  "Show what the SERVER wants to be shown."
  (cond ((lintel--page-p uri) (lintel--show-page server uri))
        ((eq external t) (browse-url uri))
        (t (lintel--open-file uri)))
  '(:success t))

(cl-defmethod eglot-handle-request ((_server lintel-server) (_method (eql workspace/textDocumentContent/refresh))
                                    &key uri &allow-other-keys)
  "The page URI has changed: read it again where it is shown."
  (let ((buffer (get-buffer (lintel--buffer-name uri))))
    (when buffer (lintel--read-page buffer)))
  nil)

;;;; Commands

(defun lintel--server ()
  "The server of this buffer, or of the page that it shows."
  (or (and lintel--page (cdr lintel--page))
      (let ((server (eglot-current-server)))
        (and (cl-typep server 'lintel-server) server))
      (user-error "Lintel is not running here; M-x eglot starts it")))

(defun lintel--execute (command &optional argument then)
  "Run the server's COMMAND with ARGUMENT; THEN gets its result."
  (jsonrpc-async-request
   (lintel--server) :workspace/executeCommand
   (append (list :command command) (and argument (list :arguments (vector argument))))
   :success-fn (or then #'ignore)
   :error-fn (jsonrpc-lambda (&key message &allow-other-keys) (message "Lintel: %s" message))
   :timeout nil))

(defun lintel--uri ()
  "The URI of this buffer's file."
  (plist-get (eglot--TextDocumentIdentifier) :uri))

;;;###autoload
(defun lintel-consult (scope question)
  "Consult the database architect about SCOPE, with a QUESTION that may be empty.
SCOPE is selection, table, file or database."
  (interactive
   (list (completing-read "Consult about: " (if (use-region-p) '("selection" "table" "file" "database") '("table" "file" "database"))
                          nil t nil nil (if (use-region-p) "selection" "table"))
         (read-string "Question (may be empty): ")))
  (let* ((start (if (use-region-p) (region-beginning) (point)))
         (end (if (use-region-p) (region-end) (point))))
    (lintel--execute
     "lintel.consult"
     (append (list :uri (lintel--uri) :scope scope
                   :range (list :start (eglot--pos-to-lsp-position start) :end (eglot--pos-to-lsp-position end)))
             (unless (string-empty-p question) (list :question question))))
    (message "Consulting the database architect; M-x lintel-cancel stops it")))

(defun lintel-cancel ()
  "Stop the consultations that are going on."
  (interactive)
  (lintel--execute "lintel.cancelConsultation" nil
                   (lambda (any) (message "Lintel: %s" (if (eq any t) "cancelled" "no consultation is going on")))))

(defun lintel-schema ()
  "Show the schema that this file is part of."
  (interactive)
  (lintel--execute "lintel.showSchema" (list :uri (lintel--uri))))

(defun lintel-explain (rule)
  "Show what RULE is about."
  (interactive (list (read-string "Rule: " (lintel--rule-here))))
  (lintel--execute "lintel.explainRule" (list :rule rule)))

(defun lintel--rule-here ()
  "The rule of the finding at point."
  (cl-loop for diagnostic in (flymake-diagnostics (point))
           for data = (flymake-diagnostic-data diagnostic)
           for lsp = (alist-get 'eglot-lsp-diag data)
           when (plist-get lsp :code) return (plist-get lsp :code)))

(defun lintel-reports ()
  "Open one of the reports there are."
  (interactive)
  (lintel--execute
   "lintel.listReports" nil
   (lambda (result)
     (let* ((choices (mapcar (lambda (report)
                               (cons (format "%s  %s" (plist-get report :time) (plist-get report :title))
                                     (plist-get report :id)))
                             (plist-get result :reports)))
            (id (and choices (cdr (assoc (completing-read "Report: " choices nil t) choices)))))
       (if id (lintel--execute "lintel.openReport" (list :id id))
         (message "Lintel: there are no reports yet"))))))

(defun lintel-roadmap ()
  "Copy the newest report's roadmap, for a coding agent."
  (interactive)
  (lintel--execute "lintel.copyRoadmap" '(:id "latest")
                   (lambda (result)
                     (kill-new (plist-get result :text))
                     (message "Lintel: the roadmap is in the kill ring"))))

(provide 'lintel-eglot)
;;; lintel-eglot.el ends here
